// The light shell: the same survey on a page of its own, without Streamlit.
import { mount } from "./survey.js";

mount(document.getElementById("survey"), JSON.parse(document.getElementById("boot").textContent));
