/** The report of a session as it stands in tickets, where an administrator has not written another. */
export const usualTemplate = `<p><b>Support session</b>{% if session.began %} {{ session.began | date: "%Y-%m-%d %H:%M" }}{% if session.ended %} to {{ session.ended | date: "%H:%M" }}{% endif %} UTC{% endif %}{% if session.minutes %} ({{ session.minutes }} min){% endif %}</p>
<ul>
{% for one in customers %}<li>Customer: {{ one.name }}{% if one.company != "" %}, {{ one.company }}{% endif %}{% if one.hostname != "" %}, {{ one.hostname }}{% endif %}{% if one.system != "" %}, {{ one.system }}{% endif %}</li>{% endfor %}
{% for one in representatives %}<li>Representative: {{ one.name }}{% if one.minutes %}, {{ one.minutes }} min{% endif %}</li>{% endfor %}
</ul>
{% for one in customers %}{% if one.issue != "" %}<p>Asked for: {{ one.issue | escape | newline_to_br | raw }}</p>{% endif %}{% endfor %}
{% if notes.size > 0 %}<p><b>Notes</b></p><ul>{% for one in notes %}<li>{{ one.by }}: {{ one.text | escape | newline_to_br | raw }}</li>{% endfor %}</ul>{% endif %}
{% if notesCut %}<p>The first notes are left out here.</p>{% endif %}
{% if files.size > 0 %}<p><b>Files</b></p><ul>{% for one in files %}<li>{{ one.by }}: {{ one.name }}{% if one.bytes %} ({{ one.bytes }} bytes){% endif %}</li>{% endfor %}</ul>{% endif %}
{% if chat.size > 0 %}<p><b>Chat</b></p><p>{% for one in chat %}{{ one.at | date: "%H:%M" }} <b>{{ one.by }}</b>: {{ one.text | escape | newline_to_br | raw }}<br>{% endfor %}</p>{% endif %}
{% if chatCut %}<p>The beginning of the chat is left out here.</p>{% endif %}
<p><a href="{{ session.url }}">Details of the session</a>{% if session.recordings > 0 %}, with {{ session.recordings }} recording(s){% endif %}</p>`;
