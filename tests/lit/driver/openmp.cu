// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// OpenMP in host code: parallel regions run on all threads that were asked for, whatever build systems name as its library in the link.
// REQUIRES: accc, accdevicelib, accrt
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -Xcompiler -fopenmp %s -o one && ./one
// RUN: accc -Xcompiler -fopenmp %s -lgomp -o with-gomp && ./with-gomp
// RUN: accc -Xcompiler -fopenmp -c %s -o openmp.o && accc openmp.o -o objects && ./objects
// RUN: accc openmp.o $(g++ -print-file-name=libgomp.so) -o objects && ./objects
// RUN: accc -ccbin g++ -Xcompiler -fopenmp %s -o by-gcc && ./by-gcc
// RUN: accc -lib openmp.o -o libopenmp.a && echo 'int regions(); int main() { return regions(); }' > main.cpp
// RUN: accc main.cpp -L. -lopenmp -lgomp -o archive && ./archive
//
// Beside regions that g++ compiled.
// RUN: g++ -fopenmp -DBY_GCC -x c++ -c %s -o gcc.o && accc -Xcompiler -fopenmp -DWITH_GCC %s gcc.o -lgomp -o both && ./both
#include <omp.h>

#ifdef BY_GCC
int threads() {
#else
int regions() {
#endif
    int sum = 0;
    omp_set_num_threads(3);
#pragma omp parallel reduction(+ : sum)
    sum += omp_get_num_threads();
    return sum - 9;
}

#ifdef WITH_GCC
int threads();
int main() { return regions() || threads(); }
#elif !defined BY_GCC
[[gnu::weak]] int main() { return regions(); }
#endif
