/** The part of snowball-stemmers that is used here; the package ships no types. */
declare module "snowball-stemmers" {
  const snowball: { newStemmer(algorithm: string): { stem(word: string): string } };
  export default snowball;
}
