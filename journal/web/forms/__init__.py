"""Forms: shape and types of what people type. What may be said is asked of the domain."""
