// OpenVINO's own C interface and nothing beside it. Its variadic functions cannot be called from Swift; each has a
// twin that takes an array (`ov_core_compile_model_props`). Names of properties are C variables, which strict
// concurrency refuses; callers write the strings.
#pragma once

#include <openvino/c/openvino.h>
