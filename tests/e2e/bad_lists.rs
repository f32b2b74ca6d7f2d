//! Lists of tags that must not be believed: nothing is written from doubt.
