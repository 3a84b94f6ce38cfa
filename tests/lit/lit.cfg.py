# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The compiler's tests: RUN lines with FileCheck. Tools are found in the build tree first, then in LLVM's folder.

A test that needs a program names it: `REQUIRES: accc`.
"""
import os

import lit.formats

config.name = "acc-lit"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".ll", ".mir", ".cu", ".c", ".cpp", ".s", ".ptx", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt", "tools"]
config.test_source_root = os.path.dirname(__file__)

for feature in config.acc_features:
    config.available_features.add(feature)

path = [config.acc_bin, config.acc_test_bin, config.llvm_bin, os.environ.get("PATH", "")]
config.environment["PATH"] = os.pathsep.join(path)
# Tests must not depend on what the developer has set.
for name in ("NVCC_PREPEND_FLAGS", "NVCC_APPEND_FLAGS", "CPATH", "LIBRARY_PATH", "CUDA_PATH", "CUDA_HOME"):
    config.environment.pop(name, None)
config.substitutions.append(("%toolkit", os.path.dirname(config.acc_bin)))
config.substitutions.append(("%devicelib", os.path.join(config.acc_devicelib, "devicelib.bc")))
