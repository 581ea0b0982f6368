pub use llguidance; // its C functions are exported with it
