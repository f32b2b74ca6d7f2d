//! The comparison suite: what Tidemark spends, counted and timed.
