import { example } from '../testing/example.ts';
import { controllerOf } from './testing/controller.ts';

export default example({
  found: (org) => [controllerOf(org, { RequireSecuritySignature: 0 }), controllerOf(org, {}, { name: 'DC2' })],
  clear: (org) => {
    controllerOf(org, { RequireSecuritySignature: 1 });
  },
  unknown: (org) => {
    controllerOf(org, {}, { unknown: ['RequireSecuritySignature'] });
  },
});
