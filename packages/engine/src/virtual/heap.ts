/** A binary heap: `isBefore` says which of two is taken first. */
export interface Heap<Item> {
  readonly size: number;
  /** All of them, in no order. */
  items(): readonly Item[];
  first(): Item | undefined;
  put(item: Item): void;
  take(): Item | undefined;
}

/** An empty heap. */
export function createHeap<Item>(isBefore: (a: Item, b: Item) => boolean): Heap<Item> {
  const items: Item[] = [];

  function take(): Item | undefined {
    const first = items[0];
    const moved = items.pop();
    if (items.length === 0 || moved === undefined) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && isBefore(items[child + 1] as Item, items[child] as Item)) child += 1;
      if (!isBefore(items[child] as Item, moved)) break;
      items[place] = items[child] as Item;
      place = child;
    }
    items[place] = moved;
    return first;
  }

  return {
    get size() {
      return items.length;
    },
    items: () => items,
    first: () => items[0],
    put(item) {
      let place = items.length;
      items.push(item);
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!isBefore(item, items[parent] as Item)) break;
        items[place] = items[parent] as Item;
        place = parent;
      }
      items[place] = item;
    },
    take,
  };
}
