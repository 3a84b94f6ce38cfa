// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
template <typename T> __device__ T counter_of = T(100);
template <typename T> struct Holder { static __device__ T member; };
template <typename T> __device__ T Holder<T>::member = T(7);
template <typename T> __global__ void count_in_template(T n) {
  counter_of<T> += n;
  Holder<T>::member += n;
}
int second(); ///< the second file's own variable; counts by 2
