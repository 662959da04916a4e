"""Times Samba's own unpacking: descriptors.py FILE MOST; prints how many there were and the nanoseconds they took."""

import struct
import sys
import time

from samba.dcerpc import security
from samba.ndr import ndr_unpack

with open(sys.argv[1], "rb") as file:
    content = file.read()
(count,) = struct.unpack_from("<I", content, 0)
count = min(count, int(sys.argv[2]))
values = []
at = 4
for _ in range(count):
    _, length = struct.unpack_from("<II", content, at)
    values.append(content[at + 8 : at + 8 + length])
    at += 8 + (length + 3 & ~3)
begin = time.perf_counter_ns()
for value in values:
    ndr_unpack(security.descriptor, value)
print(count, time.perf_counter_ns() - begin)
