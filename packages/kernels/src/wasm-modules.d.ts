/** A `.wasm` file is a compiled module where the bundler leaves it to workerd. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
