import { example } from '../testing/example.ts';
import { controllerIn, domainOf } from './testing/domain.ts';

export default example({
  found: (org) => {
    const domain = domainOf(org);
    const controller = controllerIn(domain);
    domain.place.grant('x', { principalId: 'S-1-5-21-1-2-3-1101', roleId: 'acl:AllowedToAct', resourceId: controller });
    return [controller];
  },
  clear: (org) => {
    const domain = domainOf(org);
    const controller = controllerIn(domain);
    domain.place.account('S-1-5-21-1-2-3-1200', { type: 'computer' });
    domain.place.grant('x', {
      principalId: 'S-1-5-21-1-2-3-1101',
      roleId: 'acl:AllowedToAct',
      resourceId: 'S-1-5-21-1-2-3-1200',
    });
    domain.place.grant('y', {
      principalId: domain.domainAdmins,
      principalKind: 'group',
      roleId: 'acl:AllowedToAct',
      resourceId: controller,
    });
  },
  unknown: (org) => {
    const domain = domainOf(org);
    const controller = controllerIn(domain);
    domain.place.grant('x', {
      principalId: 'S-1-5-21-1-2-3-1101',
      roleId: 'acl:AllowedToAct',
      resourceId: controller,
      state: 'eligible',
    });
  },
});
