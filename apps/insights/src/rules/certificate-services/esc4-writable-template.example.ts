import { example } from '../testing/example.ts';
import { certificatesOf } from './testing/certificates.ts';

export default example({
  found: (org) => {
    const { template, publish, may } = certificatesOf(org);
    const id = template('T');
    publish('T');
    return [may('S-1-5-21-1-2-3-1101', 'WriteDacl', id), may('S-1-5-11', 'WritePKINameFlag', id)];
  },
  clear: (org) => {
    const { template, publish, may, domainAdmin } = certificatesOf(org);
    const id = template('T');
    publish('T');
    may(domainAdmin, 'GenericAll', id);
    may('S-1-5-21-1-2-3-1101', 'Enroll', id);
    may('S-1-5-21-1-2-3-1101', 'GenericAll', template('Unpublished'));
  },
  unknown: (org) => {
    const { template, publish, may } = certificatesOf(org);
    const id = template('T');
    publish('T');
    may('S-1-5-21-1-2-3-1101', 'WriteDacl', id, { state: 'eligible' });
  },
});
