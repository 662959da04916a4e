import { example } from '../testing/example.ts';
import type { Place } from '../testing/world.ts';

const branch = (github: Place, id: string, settings: object, repository: object = {}) => {
  github.resource(id, {
    type: 'repository',
    name: `acme/${id}`,
    status: 'enabled',
    attributes: { visibility: 'private' },
    ...repository,
  });
  return github.policy(`branch:${id}`, {
    type: 'branch_protection',
    name: `acme/${id}: main`,
    targets: [id],
    settings: { branch: 'main', ...settings },
  });
};

export default example({
  found: ({ github }) => [branch(github, '1', { protected: true, classic: true, enforceAdmins: false })],
  clear: ({ github }) => {
    branch(github, '1', { protected: true, classic: true, enforceAdmins: true });
    branch(github, 'archived', { protected: true, classic: true, enforceAdmins: false }, { status: 'disabled' });
    branch(
      github,
      'empty',
      { protected: true, classic: true, enforceAdmins: false },
      { attributes: { isEmpty: true } },
    );
  },
  unknown: ({ github }) => {
    branch(github, '1', { protected: true, classic: true, enforceAdmins: null });
  },
});
