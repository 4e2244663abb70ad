#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// Computed in double precision and rounded once, so that a C library's own float routines make no difference.
func expFloat(_ x: Float) -> Float { Float(exp(Double(x))) }
func exp2Float(_ x: Float) -> Float { Float(exp2(Double(x))) }
func log2Float(_ x: Float) -> Float { Float(log2(Double(x))) }
