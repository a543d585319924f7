import { toxic } from '../toxic.js';

/** Cuts the stream into pieces of `average_size` ± `size_variation` bytes, each `delay` microseconds after the one before. */
export const slicer = toxic({
  type: 'slicer',
  attributes: { average_size: 0, size_variation: 0, delay: 0 },
  separate: true,
  check({ average_size, size_variation }) {
    if (average_size < 1) return 'average_size must be at least 1';
    return size_variation < average_size ? null : 'size_variation must be less than average_size';
  },
  create({ average_size, size_variation, delay }) {
    const spread = Math.max(0, size_variation);
    return (outlet) => {
      let lastMs = -Infinity;
      const draw = (): number => average_size - spread + Math.floor(outlet.random() * (2 * spread + 1));
      return {
        data(chunk, arrivedMs) {
          for (let from = 0, size; from < chunk.length; from += size) {
            size = draw();
            outlet.push(chunk.subarray(from, from + size), Math.max(lastMs, arrivedMs));
            lastMs = Math.max(lastMs, arrivedMs) + delay / 1_000;
          }
        },
      };
    };
  },
});
