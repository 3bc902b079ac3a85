import { logTypes } from '../../index.ts';
import { type ExitCode, exit } from '../exit.ts';
import type { Io } from '../io.ts';
import { termsOf } from '../render/report.ts';
import { table } from '../render/table.ts';

interface TypesArguments {
  readonly format: 'table' | 'json';
}

/** `dragoman types`: the log types and the views each offers. */
export async function types(given: TypesArguments, _command: unknown, io: Io): Promise<ExitCode> {
  const known = [...logTypes].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (given.format === 'json') {
    const listed = known.map((type) => ({
      name: type.name,
      description: type.description,
      shapes: type.shapes.map((shape) => shape.name),
      views: type.views.map((view) => ({
        schema: view.schema,
        ...(view.table !== undefined && { table: view.table }),
      })),
    }));
    await io.stdout.write(`${JSON.stringify({ types: listed })}\n`);
    return exit.done;
  }
  const { paint, columns } = termsOf(io, 'stdout');
  const rows = known.map((type) => [{ text: type.name, ink: 'bold' as const }, viewsOf(type.views), type.description]);
  const lines = table(
    [{ head: 'LOG TYPE' }, { head: 'VIEWS', flexible: true }, { head: 'WHAT IT IS', flexible: true }],
    rows,
    paint,
    columns,
  );
  lines.push(
    '',
    'Rows of any other table are `sentinel.<table>` or `defender.<table>`.',
    'A record of any other kind is `generic`: rules see its fields as they are.',
  );
  await io.stdout.write(`${lines.join('\n')}\n`);
  return exit.done;
}

/** `ecs, sigma, kusto (AzureActivity, …)` */
function viewsOf(views: readonly { readonly schema: string; readonly table?: string }[]): string {
  const schemas = new Map<string, string[]>();
  for (const view of views) {
    const tables = schemas.get(view.schema) ?? [];
    if (view.table !== undefined) tables.push(view.table);
    schemas.set(view.schema, tables);
  }
  return [...schemas]
    .map(([schema, tables]) => (tables.length > 0 ? `${schema} (${tables.join(', ')})` : schema))
    .join(', ');
}
