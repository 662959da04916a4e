import { example } from '../testing/example.ts';
import { controllerOf } from './testing/controller.ts';

export default example({
  found: (org) => [
    controllerOf(org, { LdapEnforceChannelBinding: 0 }),
    controllerOf(org, {}, { name: 'DC2', operatingSystem: 'Windows Server 2012 R2 Standard' }),
  ],
  clear: (org) => {
    controllerOf(org, { LdapEnforceChannelBinding: 1 });
    controllerOf(org, { LdapEnforceChannelBinding: 2 }, { name: 'DC2' });
  },
  unknown: (org) => {
    controllerOf(org, {}, { unknown: ['LdapEnforceChannelBinding'] });
    controllerOf(org, {}, { name: 'DC2', operatingSystem: 'Windows Server 2025 Standard' });
  },
});
