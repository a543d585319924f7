/**
 * The folders of the packages and what they import, as a Mermaid flowchart. Arrows inside a package join folders;
 * arrows between packages join packages, for they meet at the index only.
 * @param modules what dependency-cruiser read
 */
export function architectureGraph(modules) {
  const folders = new Map();
  const arrows = new Set();
  for (const { source, dependencies } of modules) {
    const from = place(source);
    if (from === undefined) continue;
    remember(folders, from);
    for (const { resolved } of dependencies) {
      const other = /^packages\/([^/]+)\/src\//.exec(resolved)?.[1];
      const to = place(resolved);
      if (other !== undefined && other !== from.package) arrows.add(`  ${from.package} ==> ${other}`);
      else if (to !== undefined && to.folder !== from.folder) arrows.add(`  ${id(from)} --> ${id(to)}`);
    }
  }
  return ['flowchart LR', ...subgraphs(folders), ...[...arrows].toSorted()].join('\n');
}

/** Tests are not drawn, nor the index, which knows every folder by its office. */
function place(path) {
  const [, name, inside] = /^packages\/([^/]+)\/src\/(?!index\.ts$)(.+)$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  return { package: name, folder: inside.includes('/') ? inside.split('/')[0] : '*' };
}

function remember(folders, { package: name, folder }) {
  folders.set(name, (folders.get(name) ?? new Set()).add(folder));
}

function subgraphs(folders) {
  return [...folders.keys()].toSorted().flatMap((name) => {
    const inside = [...folders.get(name)].toSorted();
    const nodes = inside.map((folder) => `    ${id({ package: name, folder })}["${label(folder)}"]`);
    return [`  subgraph ${name}`, ...nodes, '  end'];
  });
}

const label = (folder) => (folder === '*' ? 'files beside' : `${folder}/`);
const id = ({ package: name, folder }) => `${name}_${folder === '*' ? 'files' : folder.replaceAll('-', '_')}`;
