//! What a pass costs: requests and connections, counted exactly.
