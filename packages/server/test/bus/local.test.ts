import { describe, expect, it } from 'vitest';
import { createLocalBus } from '../../src/bus/local.js';
import { busConformance, listener } from './conformance.js';

describe('the bus in one process', () => {
  const bus = createLocalBus();
  busConformance(
    () => bus,
    () => bus,
  );

  it('serves nobody once it is closed', async () => {
    const closing = createLocalBus();
    const { seen, onMessage } = listener();
    await closing.subscribe('topic', onMessage);
    await closing.close();
    await closing.close();
    await expect(closing.publish('topic', 'late')).rejects.toMatchObject({ code: 'bus_unreachable' });
    await expect(closing.ping()).rejects.toMatchObject({ code: 'bus_unreachable' });
    expect(seen).toEqual([]);
  });
});
