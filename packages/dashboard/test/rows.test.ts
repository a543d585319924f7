import { expect, it } from 'vitest';
import { updatedRows } from '../src/live/rows.js';

const row = (id: string, text = '') => ({ id, text });
const all = () => true;

it('keeps what was loaded where the feed told nothing', () => {
  expect(updatedRows([row('b'), row('a')], [], all)).toEqual([row('b'), row('a')]);
});

it('takes over what the feed reports about a loaded row, in its place', () => {
  const loaded = [row('c'), row('b'), row('a')];
  expect(updatedRows(loaded, [row('c'), row('b', 'done')], all)).toEqual([row('c'), row('b', 'done'), row('a')]);
});

it('puts newer rows first, and none that are older than what was loaded', () => {
  const told = [row('e'), row('d'), row('c'), row('b'), row('a')];
  expect(updatedRows([row('c')], told, all).map(({ id }) => id)).toEqual(['e', 'd', 'c']);
});

it('takes only new rows that belong to the list', () => {
  const told = [row('d', 'other'), row('c', 'ours')];
  expect(updatedRows([], told, ({ text }) => text === 'ours').map(({ id }) => id)).toEqual(['c']);
});
