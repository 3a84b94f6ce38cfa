// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What cuda_gl_interop.h needs of OpenGL's header, which need not be installed.
#pragma once
typedef unsigned int GLuint;
typedef unsigned int GLenum;
