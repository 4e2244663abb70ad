// The few functions of LightGBM's C interface that Cairn calls, declared from its documentation.
//
// Declared here and not included, because the Python wheel that Scripts/bootstrap unpacks holds the library without its
// headers. Every function but LGBM_GetLastError returns 0 or -1; the error's text belongs to the thread that got the -1.
#ifndef CAIRN_LIGHTGBM_H
#define CAIRN_LIGHTGBM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The values of its macros; every one is passed as an int.
enum {
    CAIRN_LGBM_FLOAT32 = 0,
    CAIRN_LGBM_FLOAT64 = 1,
    CAIRN_LGBM_INT32 = 2,
    CAIRN_LGBM_PREDICT_NORMAL = 0,
    CAIRN_LGBM_IMPORTANCE_SPLIT = 0,
    CAIRN_LGBM_IMPORTANCE_GAIN = 1,
};

// Handles are opaque.

const char *LGBM_GetLastError(void);

// Where messages go instead of standard output, for the calling thread.
int LGBM_RegisterLogCallback(void (*callback)(const char *message));

// Bins a [rows, columns] matrix; NaN is "missing". A reference, or NULL, lends its bins.
int LGBM_DatasetCreateFromMat(const void *data, int data_type, int32_t rows, int32_t columns, int is_row_major,
                              const char *parameters, const void *reference, void **dataset);

// Fields used here: "label" (float32) and "weight" (float32), one for each row.
int LGBM_DatasetSetField(void *dataset, const char *name, const void *values, int count, int data_type);
int LGBM_DatasetSetFeatureNames(void *dataset, const char **names, int count);
int LGBM_DatasetFree(void *dataset);

// Parameters are "key=value" words with spaces between them. A booster in training needs its dataset alive.
int LGBM_BoosterCreate(const void *dataset, const char *parameters, void **booster);
int LGBM_BoosterLoadModelFromString(const char *model, int *iterations, void **booster);
int LGBM_BoosterFree(void *booster);
int LGBM_BoosterUpdateOneIter(void *booster, int *is_finished);
int LGBM_BoosterGetNumClasses(void *booster, int *count);
int LGBM_BoosterGetNumFeature(void *booster, int *count);

// Writes what fits into the buffer; the length needed, with the final zero, comes back in length.
int LGBM_BoosterSaveModelToString(void *booster, int first_iteration, int iterations, int importance, int64_t capacity,
                                  int64_t *length, char *text);

// One number for each feature.
int LGBM_BoosterFeatureImportance(void *booster, int iterations, int importance, double *values);

// Row-major results: [rows, classes].
int LGBM_BoosterPredictForMat(void *booster, const void *data, int data_type, int32_t rows, int32_t columns,
                              int is_row_major, int prediction, int first_iteration, int iterations,
                              const char *parameters, int64_t *length, double *values);

#ifdef __cplusplus
}
#endif
#endif
