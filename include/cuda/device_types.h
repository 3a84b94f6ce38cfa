// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

/// Rounding mode of a conversion.
enum cudaRoundMode { cudaRoundNearest, cudaRoundZero, cudaRoundPosInf, cudaRoundMinInf };
