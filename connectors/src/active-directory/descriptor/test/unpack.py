"""Reads descriptors as base64 lines and prints each as Samba's SDDL, one a line."""

import base64
import sys

from samba.dcerpc import security
from samba.ndr import ndr_unpack

for line in sys.stdin:
    print(ndr_unpack(security.descriptor, base64.b64decode(line)).as_sddl())
