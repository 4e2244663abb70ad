// Gloo comes inside LibTorch without its headers. What LibTorch's ProcessGroupGloo.hpp names of it is declared in this folder and
// used by reference alone: no object of gloo is made, measured or called from here.
#pragma once
