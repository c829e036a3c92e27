/// What an event is about.
enum EventSubject {
    case id(Ident)
    case text(String)
}
