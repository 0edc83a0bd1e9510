// libFuzzer as a library: its own main would collide with the one that SwiftPM makes for an executable.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));
