export { install, installQuestions } from './install.ts';
