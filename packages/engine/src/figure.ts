export { figure } from '@hive/contract';
