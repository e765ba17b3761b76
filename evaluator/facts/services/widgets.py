"""What can a user enter into a widget of a page: anything, something of a type, or only what is allowed?"""

from __future__ import annotations

import ast

from evaluator.facts.serving import Checked

_BOUNDED = {
    "streamlit": "slider select_slider selectbox radio multiselect checkbox toggle date_input time_input segmented_control pills color_picker camera_input",
    "gradio": "Slider Dropdown Radio Checkbox CheckboxGroup Image Audio Video ColorPicker Sketchpad",
    "dash": "Slider RangeSlider Dropdown RadioItems Checklist DatePickerSingle DatePickerRange Select",
    "panel": "IntSlider FloatSlider Select RadioButtonGroup Checkbox DiscreteSlider RadioBoxGroup",
    "nicegui": "slider select radio checkbox switch toggle",
    "tkinter": "Scale Combobox Radiobutton Checkbutton OptionMenu Spinbox",
    "customtkinter": "CTkSlider CTkComboBox CTkOptionMenu CTkRadioButton CTkCheckBox CTkSwitch",
    "shiny": "input_slider input_select input_radio_buttons input_checkbox input_checkbox_group",
}
_NUMBERS = {
    "streamlit": ("number_input", ("min_value", "max_value"), 2),
    "gradio": ("Number", ("minimum", "maximum"), 99),
    "dash": ("Input", ("min", "max"), 99),
    "panel": ("IntInput FloatInput", ("start", "end"), 99),
    "nicegui": ("number", ("min", "max"), 99),
    "shiny": ("input_numeric", ("min", "max"), 99),
}
"""For widgets that take numbers: their names, the keywords that bound them, and from which position on bounds may stand."""
_FREE = {
    "streamlit": "text_input text_area chat_input",
    "gradio": "Textbox TextArea ChatInterface",
    "dash": "Textarea",
    "nicegui": "input textarea",
    "tkinter": "Entry Text",
    "customtkinter": "CTkEntry CTkTextbox",
    "shiny": "input_text input_text_area",
    "PyQt5": "QLineEdit QTextEdit",
    "PyQt6": "QLineEdit QTextEdit",
}
_FILES = {"streamlit": ("file_uploader", "type"), "gradio": ("File", "file_types"), "dash": ("Upload", "accept")}


def checked_widget(name: str, call: ast.Call) -> Checked | None:
    """Return how far the widget that a call of ``name`` makes bounds what is entered; None for all other calls.

    A method of a container (``columns()[0].slider``) counts as the library's function of that name.
    """
    root, last = name.partition(".")[0], name.rpartition(".")[2]
    if last in _BOUNDED.get(root, "").split():
        return "bounded"
    if last in _FREE.get(root, "").split():
        return "raw"
    numbers, keywords, position = _NUMBERS.get(root, ("", ("", ""), 99))
    if last in numbers.split():
        given = {k.arg for k in call.keywords}
        return "bounded" if set(keywords) <= given or len(call.args) > position else "typed"
    file, kinds = _FILES.get(root, ("", ""))
    if last == file:
        return "bounded" if any(k.arg == kinds for k in call.keywords) or len(call.args) > 1 else "typed"
    return None
