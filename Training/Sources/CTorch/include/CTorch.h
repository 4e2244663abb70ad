// LibTorch behind C. Every operator of ATen is reached through one function that calls by schema; what is no operator
// (autograd, modes, data in and out) has a function of its own.
//
// Functions that can fail give false or NULL and set *error to a message that cairn_torch_free_text frees, and no C++ exception
// leaves them. Those without an error cannot fail. Tensors are owned references: each has one cairn_torch_release.
#ifndef CAIRN_CTORCH_H
#define CAIRN_CTORCH_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cairn_torch_box *cairn_torch_tensor;
// Found once, valid for ever.
typedef const struct cairn_torch_entry *cairn_torch_operator;

typedef enum {
    CAIRN_TORCH_NONE = 0,
    CAIRN_TORCH_TENSOR,
    CAIRN_TORCH_INTEGER,
    CAIRN_TORCH_NUMBER,
    CAIRN_TORCH_FLAG,
    CAIRN_TORCH_INTEGERS,
    CAIRN_TORCH_NUMBERS,
    // A list whose tensors may be NULL where the schema lets them.
    CAIRN_TORCH_TENSORS,
    // Truth values, each an int64_t.
    CAIRN_TORCH_FLAGS,
    // `count` bytes of UTF-8 at `list`.
    CAIRN_TORCH_TEXT,
} cairn_torch_kind;

// An argument. Lists are `count` elements at `list`: int64_t, double or cairn_torch_tensor.
typedef struct {
    cairn_torch_kind kind;
    int32_t count;
    int64_t integer;
    double number;
    cairn_torch_tensor tensor;
    const void *list;
} cairn_torch_value;

// Element types by LibTorch's own numbers, which its files and schemas use.
typedef enum {
    CAIRN_TORCH_UINT8 = 0,
    CAIRN_TORCH_INT8 = 1,
    CAIRN_TORCH_INT16 = 2,
    CAIRN_TORCH_INT32 = 3,
    CAIRN_TORCH_INT64 = 4,
    CAIRN_TORCH_FLOAT16 = 5,
    CAIRN_TORCH_FLOAT32 = 6,
    CAIRN_TORCH_FLOAT64 = 7,
    CAIRN_TORCH_BOOL = 11,
    CAIRN_TORCH_BFLOAT16 = 15,
} cairn_torch_type;

// A device: -1 for the processor, else a CUDA device's number.
typedef int32_t cairn_torch_device;

void cairn_torch_free_text(char *text);

// Operators.

// An operator by its name, "aten::add", and its overload, "Tensor" or "".
cairn_torch_operator cairn_torch_find(const char *name, const char *overload, char **error);

// Calls an operator. Arguments that are left out at the end have the schema's defaults; a number stands for a tensor of that
// number, and one whole number for a list of them of fixed length. Other kinds than the schema's are refused. Up to `capacity` tensors that it gives
// are put at `results`, lists of tensors one by one, undefined ones as NULL; `*result_count` says how many there are.
bool cairn_torch_call(
    cairn_torch_operator op, const cairn_torch_value *arguments, int32_t count, cairn_torch_tensor *results,
    int32_t capacity, int32_t *result_count, char **error);

// Tensors.

void cairn_torch_release(cairn_torch_tensor tensor);
// References that are not released yet, in the whole process.
int64_t cairn_torch_live_count(void);
// Puts up to `capacity` sizes of axes at `sizes`, and gives the number of axes.
int32_t cairn_torch_sizes(cairn_torch_tensor tensor, int64_t *sizes, int32_t capacity);
int32_t cairn_torch_element_type(cairn_torch_tensor tensor);
cairn_torch_device cairn_torch_device_of(cairn_torch_tensor tensor);
// A tensor with a copy of the elements at `data`, row-major.
cairn_torch_tensor cairn_torch_make(
    const void *data, int32_t type, const int64_t *sizes, int32_t rank, cairn_torch_device device, char **error);
// Copies `count` elements, row-major and converted to `type`, to `data`.
bool cairn_torch_read(cairn_torch_tensor tensor, int32_t type, void *data, int64_t count, char **error);
// The same elements of another type or on another device.
cairn_torch_tensor cairn_torch_to(
    cairn_torch_tensor tensor, int32_t type, cairn_torch_device device, bool channels_last, char **error);

// Gradients.

bool cairn_torch_requires_gradient(cairn_torch_tensor tensor);
bool cairn_torch_set_requires_gradient(cairn_torch_tensor tensor, bool requires_gradient, char **error);
// The gradient that backward added up; NULL without error where there is none.
cairn_torch_tensor cairn_torch_gradient(cairn_torch_tensor tensor, char **error);
// Replaces the gradient; NULL for none.
bool cairn_torch_set_gradient(cairn_torch_tensor tensor, cairn_torch_tensor gradient, char **error);
// Adds gradients of `tensor`, weighted by `cotangent` where it is no scalar, to all leaves below it.
bool cairn_torch_backward(cairn_torch_tensor tensor, cairn_torch_tensor cotangent, char **error);
// Sets whether this thread records what gradients need, and gives what was set before.
bool cairn_torch_set_recording(bool records);

// Modes.

// Sets whether this thread computes products in bfloat16 on that kind of device, and whether weights made so are kept until
// cairn_torch_clear_autocast_cache.
bool cairn_torch_set_autocast(bool enabled, cairn_torch_device device, char **error);
bool cairn_torch_autocast(cairn_torch_device device);
void cairn_torch_clear_autocast_cache(void);
bool cairn_torch_seed(uint64_t seed, char **error);
// Counts below 1 are 1.
void cairn_torch_set_threads(int32_t count);
int32_t cairn_torch_threads(void);
// Keeps memory that was given back for the next allocation instead of handing it to the system: blocks of any size come from
// the heap, which shrinks when `trim` bytes at its end are free. For glibc; nothing elsewhere.
void cairn_torch_keep_memory(int64_t trim);
const char *cairn_torch_version(void);

// CUDA.

// Opens LibTorch's CUDA half by name; to be called before any other function where CUDA is wanted.
bool cairn_torch_open_cuda(char **error);
// CUDA devices that can be used; 0 before cairn_torch_open_cuda.
int32_t cairn_torch_cuda_count(void);
bool cairn_torch_cuda_synchronize(cairn_torch_device device, char **error);
// The most bytes of a device that tensors held at a time since the start; -1 where this LibTorch does not say.
int64_t cairn_torch_cuda_peak_bytes(cairn_torch_device device, char **error);

#ifdef __cplusplus
}
#endif

#include "CTorchCollectives.h"

#endif
