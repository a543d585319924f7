export { amount, amounts, figure, rounded } from '@hive/contract';
