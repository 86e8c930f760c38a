// The Streamlit shell: a v2 component that fetches the survey once and hands it what each run loaded.
export default async function component({ data, parentElement }) {
  const module = new URL(`${data.base}${data.assets}survey.js`, document.baseURI).href;
  const { mount } = await import(module);
  return mount(parentElement, data);
}
