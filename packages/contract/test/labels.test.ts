import {
  kindLabel,
  KIND_LABELS,
  KINDS,
  limitSchema,
  STATUS_WORDS,
  validitySchema,
  VALIDITY_WORDS,
  verdictSchema,
  VERDICT_WORDS,
} from '@hive/contract';
import { describe, expect, it } from 'vitest';

describe('labels', () => {
  it('names every kind and its limit differently, without machine names', () => {
    expect(Object.keys(KIND_LABELS)).toEqual(KINDS);
    const names = Object.values(KIND_LABELS).flatMap(({ label, value }) => [label, value]);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Z][a-z ]+$/);
    for (const { asks } of Object.values(KIND_LABELS)) expect(asks).toMatch(/^[A-Z][^_]{20,70}\?$/);
  });

  it('gives the label of a kind', () => {
    expect(kindLabel('load_balancing')).toBe('Request rate');
  });

  it('has a word of its own for every status, validity and verdict', () => {
    const lists = [
      [STATUS_WORDS, limitSchema.shape.status.options],
      [VALIDITY_WORDS, validitySchema.shape.status.options],
      [VERDICT_WORDS, verdictSchema.options],
    ] as const;
    for (const [words, values] of lists) {
      expect(Object.keys(words).toSorted()).toEqual(values.toSorted());
      expect(new Set(Object.values(words)).size).toBe(values.length);
      for (const word of Object.values(words)) expect(word).toMatch(/^[a-z ]+$/);
    }
  });
});
