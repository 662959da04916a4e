export { openDialogue } from './dialogue.ts';
export { install, installationKey, serverQuestion, sourceQuestion } from './install.ts';
export { makeService } from './make-service.ts';
export { permissionLines, tryPermissions } from './permissions.ts';
export { flagOf, questionsOf, variableOf } from './questions.ts';
export { removeUnit } from './systemd.ts';
