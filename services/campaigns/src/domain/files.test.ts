import fc from 'fast-check';
import { placesOf, suggestMapping } from './columns.ts';
import { csvCell, csvLine } from './csv-cell.ts';

describe('columns', () => {
  it('are known by the words of their headers, each once', () => {
    expect(
      suggestMapping(['MRN', 'patientName', 'E-mail', 'Mobile Number', 'Home phone', 'TimeZone']),
    ).toEqual({
      ...{ externalId: 'MRN', name: 'patientName', phone: 'Mobile Number', timeZone: 'TimeZone' },
    });
    expect(suggestMapping(['a', 'b'])).toEqual({});
  });

  it('are found by their headers, or every problem is told', () => {
    expect(placesOf(['Name ', 'Phone'], { name: 'Name', phone: 'Phone' })).toEqual({
      places: { name: 0, phone: 1 },
    });
    const found = placesOf(['x', 'x'], { name: 'x', language: 'y' });
    expect('problems' in found && found.problems).toHaveLength(3);
  });
});

describe('a cell for a spreadsheet', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+12025550143', "'+12025550143"],
    ['-1', "'-1"],
    ['@x', "'@x"],
    ['  =1', "'  =1"],
    ['＝1', "'＝1"],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['Hall, "Bob"', '"Hall, ""Bob"""'],
    ['two\nlines', '"two\nlines"'],
    ["O'Hara", "O'Hara"],
    ['1-2', '1-2'],
    ['', ''],
  ])('%j is written %j', (text, cell) => expect(csvCell(text)).toBe(cell));

  it('never begins as a formula does, and a line has as many cells as it was given', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...'=+-@"\',;\t\r\n aé1') }), { minLength: 1 }),
        (cells) => {
          for (const cell of cells.map(csvCell)) expect(cell).not.toMatch(/^"?[\s]*[=+\-@]|^"?[\t\r\n]/);
          const quotesAway = csvLine(cells).replaceAll(/"(?:[^"]|"")*"/g, '');
          expect(quotesAway.split(',')).toHaveLength(cells.length);
          expect(quotesAway.endsWith('\r\n')).toBe(true);
        },
      ),
    );
  });
});
