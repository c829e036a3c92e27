#include <stddef.h>
#include <stdint.h>

// libFuzzer's own main function (compiler-rt, FuzzerDriver.cpp).
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one_input)(const uint8_t *data, size_t size));
