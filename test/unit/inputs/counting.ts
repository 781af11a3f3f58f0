/**
 * Cases that are counted: `it` runs one of mocha's tests, and after all of them a line says how many are right of all,
 * which `npm test -- inputs` prints.
 */
export function countCases(title: string): { readonly it: (name: string, judge: () => void | Promise<void>) => void } {
  let all = 0;
  let right = 0;
  after(() => console.log(`      ${title}: ${right} ÷ ${all} right`));
  return {
    it: (name, judge) => {
      it(name, async () => {
        all++;
        await judge();
        right++;
      });
    },
  };
}
