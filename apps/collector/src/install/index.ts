export { install, installationKey, serverQuestion, sourceQuestion } from './install.ts';
export { permissionLines, tryPermissions } from './permissions.ts';
