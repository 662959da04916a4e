import { example } from '../testing/example.ts';
import { controllerOf } from './testing/controller.ts';

export default example({
  found: (org) => [
    controllerOf(org, { LDAPServerIntegrity: 1 }),
    controllerOf(org, {}, { name: 'DC2', operatingSystem: 'Windows Server 2019 Datacenter' }),
    controllerOf(org, { LDAPServerIntegrity: 1 }, { name: 'DC3', operatingSystem: 'Windows Server 2025 Standard' }),
  ],
  clear: (org) => {
    controllerOf(org, { LDAPServerIntegrity: 2 });
    controllerOf(org, { LDAPServerIntegrity: 2 }, { name: 'DC2', operatingSystem: null });
  },
  unknown: (org) => {
    controllerOf(org, {}, { unknown: ['LDAPServerIntegrity'] });
    controllerOf(org, {}, { name: 'DC2', operatingSystem: 'Windows Server 2025 Standard' });
    controllerOf(org, {}, { name: 'DC3', operatingSystem: null });
  },
});
