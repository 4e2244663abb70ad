// The few routines of OpenBLAS and of the LAPACK inside it that Cairn calls, declared from their published interfaces.
//
// Declared here and not included, because <cblas.h> is a link that belongs to whichever BLAS the system prefers, and
// OpenBLAS installs no header for the Fortran side. Integers are 32 bits wide (LP64), as in every Debian package without
// "64" in its name.
#ifndef CAIRN_OPENBLAS_H
#define CAIRN_OPENBLAS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The values of CBLAS's enumerations; every one is passed as an int.
enum {
    CAIRN_BLAS_ROW_MAJOR = 101,
    CAIRN_BLAS_NO_TRANSPOSE = 111,
    CAIRN_BLAS_TRANSPOSE = 112,
    CAIRN_BLAS_UPPER = 121,
    CAIRN_BLAS_LOWER = 122,
    CAIRN_BLAS_NON_UNIT = 131,
    CAIRN_BLAS_LEFT = 141,
    CAIRN_BLAS_RIGHT = 142,
};

// C = alpha op(A) op(B) + beta C; op(A) is m x k, op(B) is k x n.
void cblas_sgemm(int order, int transpose_a, int transpose_b, int32_t m, int32_t n, int32_t k, float alpha,
                 const float *a, int32_t lda, const float *b, int32_t ldb, float beta, float *c, int32_t ldc);

// One triangle of C = alpha A^T A + beta C (transposed) or alpha A A^T + beta C; C is n x n.
void cblas_dsyrk(int order, int triangle, int transpose, int32_t n, int32_t k, double alpha, const double *a,
                 int32_t lda, double beta, double *c, int32_t ldc);

// B = alpha op(A)^-1 B (left) or alpha B op(A)^-1 (right), A triangular, B m x n.
void cblas_dtrsm(int order, int side, int triangle, int transpose, int diagonal, int32_t m, int32_t n, double alpha,
                 const double *a, int32_t lda, double *b, int32_t ldb);

// LAPACK, column-major. The trailing lengths are what a Fortran compiler adds for each character argument.

// Eigenvalues (ascending) and eigenvectors of a symmetric matrix, by divide and conquer.
void dsyevd_(const char *job, const char *triangle, const int32_t *n, double *a, const int32_t *lda, double *values,
             double *work, const int32_t *work_count, int32_t *integers, const int32_t *integer_count, int32_t *info,
             size_t job_length, size_t triangle_length);

// Cholesky factor of a symmetric positive definite matrix, in place; info > 0 names the first bad pivot.
void dpotrf_(const char *triangle, const int32_t *n, double *a, const int32_t *lda, int32_t *info,
             size_t triangle_length);

// OpenBLAS's own.
void openblas_set_num_threads(int count);
int openblas_get_num_threads(void);
char *openblas_get_config(void);

#ifdef __cplusplus
}
#endif
#endif
