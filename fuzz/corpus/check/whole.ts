iexport function ReadAll() {
    f("x"); eval(y);
}
import a from "./a";
class b {}
