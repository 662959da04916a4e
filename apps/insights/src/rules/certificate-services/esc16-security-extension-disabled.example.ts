import { example } from '../testing/example.ts';
import { authorityOf } from './testing/authority.ts';

export default example({
  found: (org) => {
    const { publish, authority } = authorityOf(org);
    return [authority(publish(), { disabledExtensions: ['1.2.3', '1.3.6.1.4.1.311.25.2'] })];
  },
  clear: (org) => {
    const { publish, authority } = authorityOf(org);
    authority(publish(), { disabledExtensions: [] });
    authority(publish(), { disabledExtensions: ['1.3.6.1.4.1.311.25.20'] });
  },
  unknown: (org) => {
    const { publish, authority } = authorityOf(org);
    authority(publish(), { disabledExtensions: null });
  },
});
