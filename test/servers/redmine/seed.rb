# What every Redmine of a test begins with: people, a public project, and accounts that lack one permission each.
require 'json'
ActiveRecord::Base.logger = nil
keys = {}
person = lambda do |login, email, admin = false|
  user = User.find_by_login(login) || User.new(:firstname => login.capitalize, :lastname => 'Example', :mail => email, :language => 'en')
  user.login = login
  user.admin = admin
  user.status = User::STATUS_ACTIVE
  user.must_change_passwd = false
  user.password = user.password_confirmation = "password-of-#{login}"
  user.save!
  user.pref.hide_mail = false
  user.pref.save!
  keys[login] = user.api_key
  user
end

Setting.rest_api_enabled = '1'
person.call('admin', 'admin@corp.example', true)
project = Project.new(:name => 'Support', :identifier => 'support', :is_public => true)
project.trackers = Tracker.all.to_a
project.enabled_module_names = ['issue_tracking', 'time_tracking']
project.save!
member = lambda do |user, role|
  Member.create!(:project => project, :principal => user, :roles => [role])
end

customer = Role.create!(:name => 'Customer', :permissions => [:view_issues, :add_issues, :add_issue_notes])
staff = Role.create!(:name => 'Staff', :permissions => [:view_issues, :add_issues, :edit_issues, :add_issue_notes, :set_notes_private, :view_private_notes])
member.call(person.call('carol', 'carol@customer.example'), customer)
member.call(person.call('ann', 'ann@corp.example'), staff)

# The account of the set-up has no permission until the set-up has given it.
person.call('gatehouse', 'gatehouse@corp.example')
needed = [:view_issues, :edit_issues, :add_issue_notes, :set_notes_private, :edit_own_issue_notes]
needed.each do |lacking|
  role = Role.create!(:name => "Without #{lacking}", :permissions => needed - [lacking])
  member.call(person.call("without-#{lacking}", "without-#{lacking}@corp.example"), role)
end
puts "KEYS #{JSON.generate(keys)}"
