"""The flow language: text in, problems or a compiled flow out; one event in, one turn out. Pure."""
