// Several processes that train as one: sums and copies among them, by gloo between processors and by NCCL between CUDA devices.
//
// Every process of a group calls the same functions in the same order with tensors of the same sizes. Errors are reported as in
// CTorch.h; a process that is gone or does not answer within the group's timeout is one. After an error the group is of no use.
#ifndef CAIRN_CTORCH_COLLECTIVES_H
#define CAIRN_CTORCH_COLLECTIVES_H

#include "CTorch.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cairn_torch_group_box *cairn_torch_group;

// How the processes find one another.
typedef struct {
    // Where the store of addresses listens.
    const char *host;
    uint16_t port;
    // Whether this process opens that store, or another does.
    bool hosts_store;
    // Goes before every key, so that a store that outlives a group does not mix it with the next.
    const char *prefix;
    int32_t rank;
    int32_t count;
    int64_t timeout_milliseconds;
} cairn_torch_meeting;

// Waits until all processes are there.
cairn_torch_group cairn_torch_group_join(const cairn_torch_meeting *meeting, char **error);
void cairn_torch_group_leave(cairn_torch_group group);
// Opens libnccl.so.2 for what happens between tensors on CUDA devices; this process's are on `device`.
bool cairn_torch_group_open_nccl(cairn_torch_group group, cairn_torch_device device, char **error);

// Replaces each tensor by `scale` times the sum of all processes' tensors. Few large messages carry many small tensors.
bool cairn_torch_group_sum(
    cairn_torch_group group, const cairn_torch_tensor *tensors, int32_t count, double scale, char **error);
// Replaces each tensor by that of the process `root`.
bool cairn_torch_group_broadcast(
    cairn_torch_group group, const cairn_torch_tensor *tensors, int32_t count, int32_t root, char **error);
bool cairn_torch_group_barrier(cairn_torch_group group, char **error);

// A new tensor, the sum of all processes' tensors. Its gradient is the sum of all processes' gradients, so that backward is a
// call of the group too.
cairn_torch_tensor cairn_torch_group_summed(cairn_torch_group group, cairn_torch_tensor tensor, char **error);

// Batch normalisation over the photos of all processes; processes may have different numbers of them. Running statistics are
// moved in place. Weight and bias may be NULL.
typedef struct {
    cairn_torch_tensor weight;
    cairn_torch_tensor bias;
    cairn_torch_tensor running_mean;
    cairn_torch_tensor running_variance;
    double momentum;
    double epsilon;
} cairn_torch_normalization;

cairn_torch_tensor cairn_torch_group_normalized(
    cairn_torch_group group, cairn_torch_tensor tensor, const cairn_torch_normalization *normalization, char **error);

#ifdef __cplusplus
}
#endif

#endif
