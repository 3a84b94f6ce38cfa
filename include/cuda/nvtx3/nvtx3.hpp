// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// NVTX for C++: ranges that end with their scope, and event attributes from their parts. Thin over
// nvToolsExt.h, so with no tool attached all of it does nothing.
#pragma once
#include "nvToolsExt.h"

#include <cstddef>
#include <string>
#include <utility>

#define NVTX3_CPP_VERSION_MAJOR 1
#define NVTX3_CPP_VERSION_MINOR 0
#define NVTX3_CPP_DEFINITIONS_V1_0

namespace nvtx3 {
inline namespace v1 {

/// Groups events. A domain is named by a type with a `name`, of char or wchar_t.
class domain {
  public:
    struct global {};

    domain(const domain&) = delete;
    domain& operator=(const domain&) = delete;

    /// The domain of type D, made at its first use.
    template <class D = global>
    static const domain& get() noexcept {
        static const domain one(static_cast<const D*>(nullptr));
        return one;
    }

    operator nvtxDomainHandle_t() const noexcept { return handle_; }

  private:
    explicit domain(const global*) noexcept {}
    template <class D>
    explicit domain(const D*) noexcept : handle_(create(D::name)) {}
    ~domain() = default; // Events may still come while static objects are destroyed.

    static nvtxDomainHandle_t create(const char* name) noexcept { return nvtxDomainCreateA(name); }
    static nvtxDomainHandle_t create(const wchar_t* name) noexcept {
        return nvtxDomainCreateW(name);
    }

    nvtxDomainHandle_t handle_ = nullptr;
};

struct rgb {
    using component_type = uint8_t;
    constexpr rgb(component_type r, component_type g, component_type b) noexcept
        : red(r), green(g), blue(b) {}
    component_type red, green, blue;
};

struct argb final : rgb {
    constexpr argb(component_type a, component_type r, component_type g, component_type b) noexcept
        : rgb(r, g, b), alpha(a) {}
    component_type alpha;
};

class color {
  public:
    using value_type = uint32_t;
    /// 0xAARRGGBB
    constexpr explicit color(value_type code) noexcept : value_(code) {}
    constexpr color(argb c) noexcept : value_(pack(c.alpha, c.red, c.green, c.blue)) {}
    constexpr color(rgb c) noexcept : value_(pack(0xff, c.red, c.green, c.blue)) {}
    constexpr value_type get_value() const noexcept { return value_; }
    constexpr nvtxColorType_t get_type() const noexcept { return NVTX_COLOR_ARGB; }

  private:
    static constexpr value_type pack(value_type a, value_type r, value_type g, value_type b) {
        return a << 24 | r << 16 | g << 8 | b;
    }
    value_type value_;
};

/// A group of events within a domain.
class category {
  public:
    using id_type = uint32_t;
    constexpr explicit category(id_type id) noexcept : id_(id) {}
    constexpr id_type get_id() const noexcept { return id_; }

  private:
    id_type id_;
};

/// A category with a name, which stays known to the domain.
template <class D = domain::global>
class named_category_in final : public category {
  public:
    named_category_in(id_type id, const char* name) noexcept : category(id) {
        nvtxDomainNameCategoryA(domain::get<D>(), id, name);
    }
    named_category_in(id_type id, const wchar_t* name) noexcept : category(id) {
        nvtxDomainNameCategoryW(domain::get<D>(), id, name);
    }
    /// The category of a type with an `id` and a `name`, made at its first use.
    template <class C>
    static const named_category_in& get() noexcept {
        static const named_category_in one(C::id, C::name);
        return one;
    }
};
using named_category = named_category_in<>;

/// A text that the domain keeps, so that events carry a handle.
template <class D = domain::global>
class registered_string_in {
  public:
    explicit registered_string_in(const char* text) noexcept
        : handle_(nvtxDomainRegisterStringA(domain::get<D>(), text)) {}
    explicit registered_string_in(const wchar_t* text) noexcept
        : handle_(nvtxDomainRegisterStringW(domain::get<D>(), text)) {}
    explicit registered_string_in(const std::string& text) noexcept
        : registered_string_in(text.c_str()) {}
    explicit registered_string_in(const std::wstring& text) noexcept
        : registered_string_in(text.c_str()) {}
    /// The string of a type with a `message`, made at its first use.
    template <class M>
    static const registered_string_in& get() noexcept {
        static const registered_string_in one(M::message);
        return one;
    }
    nvtxStringHandle_t get_handle() const noexcept { return handle_; }

  private:
    nvtxStringHandle_t handle_;
};
using registered_string = registered_string_in<>;

/// What an event says. It does not own its text, so a string that is about to die is refused.
class message {
  public:
    using value_type = nvtxMessageValue_t;
    message(const char* text) noexcept : type_(NVTX_MESSAGE_TYPE_ASCII) { value_.ascii = text; }
    message(const wchar_t* text) noexcept : type_(NVTX_MESSAGE_TYPE_UNICODE) {
        value_.unicode = text;
    }
    message(const std::string& text) noexcept : message(text.c_str()) {}
    message(const std::wstring& text) noexcept : message(text.c_str()) {}
    message(std::string&&) = delete;
    message(std::wstring&&) = delete;
    template <class D>
    message(const registered_string_in<D>& text) noexcept : type_(NVTX_MESSAGE_TYPE_REGISTERED) {
        value_.registered = text.get_handle();
    }
    message(nvtxMessageType_t type, const value_type& value) noexcept
        : type_(type), value_(value) {}
    nvtxMessageType_t get_type() const noexcept { return type_; }
    value_type get_value() const noexcept { return value_; }

  private:
    nvtxMessageType_t type_;
    value_type value_;
};

/// A number that an event carries.
class payload {
  public:
    using value_type = nvtxEventAttributes_t::payload_t;
    explicit payload(int64_t x) noexcept : type_(NVTX_PAYLOAD_TYPE_INT64) { value_.llValue = x; }
    explicit payload(int32_t x) noexcept : type_(NVTX_PAYLOAD_TYPE_INT32) { value_.iValue = x; }
    explicit payload(uint64_t x) noexcept : type_(NVTX_PAYLOAD_TYPE_UNSIGNED_INT64) {
        value_.ullValue = x;
    }
    explicit payload(uint32_t x) noexcept : type_(NVTX_PAYLOAD_TYPE_UNSIGNED_INT32) {
        value_.uiValue = x;
    }
    explicit payload(float x) noexcept : type_(NVTX_PAYLOAD_TYPE_FLOAT) { value_.fValue = x; }
    explicit payload(double x) noexcept : type_(NVTX_PAYLOAD_TYPE_DOUBLE) { value_.dValue = x; }
    payload(nvtxPayloadType_t type, const value_type& value) noexcept
        : type_(type), value_(value) {}
    nvtxPayloadType_t get_type() const noexcept { return type_; }
    value_type get_value() const noexcept { return value_; }

  private:
    nvtxPayloadType_t type_;
    value_type value_;
};

/// The parts of an event in any order; of two of one kind the first counts.
class event_attributes {
  public:
    using value_type = nvtxEventAttributes_t;
    event_attributes() noexcept : value_() {
        value_.version = NVTX_VERSION;
        value_.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
    }
    template <class... Rest>
    explicit event_attributes(const category& c, const Rest&... rest) noexcept
        : event_attributes(rest...) {
        value_.category = c.get_id();
    }
    template <class... Rest>
    explicit event_attributes(const color& c, const Rest&... rest) noexcept
        : event_attributes(rest...) {
        value_.colorType = c.get_type();
        value_.color = c.get_value();
    }
    template <class... Rest>
    explicit event_attributes(const payload& p, const Rest&... rest) noexcept
        : event_attributes(rest...) {
        value_.payloadType = p.get_type();
        value_.payload = p.get_value();
    }
    template <class... Rest>
    explicit event_attributes(const message& m, const Rest&... rest) noexcept
        : event_attributes(rest...) {
        value_.messageType = m.get_type();
        value_.message = m.get_value();
    }
    const value_type* get() const noexcept { return &value_; }

  private:
    value_type value_;
};

/// A range of the calling thread, from construction to the end of the scope.
template <class D = domain::global>
class scoped_range_in {
  public:
    explicit scoped_range_in(const event_attributes& event) noexcept {
        nvtxDomainRangePushEx(domain::get<D>(), event.get());
    }
    template <class... Parts>
    explicit scoped_range_in(const Parts&... parts) noexcept
        : scoped_range_in(event_attributes(parts...)) {}
    scoped_range_in() noexcept : scoped_range_in(event_attributes()) {}
    ~scoped_range_in() noexcept { nvtxDomainRangePop(domain::get<D>()); }

    scoped_range_in(const scoped_range_in&) = delete;
    scoped_range_in& operator=(const scoped_range_in&) = delete;
    /// Ranges of a thread nest, which objects on the heap need not.
    void* operator new(std::size_t) = delete;
};
using scoped_range = scoped_range_in<>;

/// Says which range ends where start and end are calls.
struct range_handle {
    using value_type = nvtxRangeId_t;
    constexpr explicit range_handle(value_type id) noexcept : id_(id) {}
    constexpr range_handle() noexcept : id_(0) {}
    constexpr range_handle(std::nullptr_t) noexcept : id_(0) {}
    constexpr explicit operator bool() const noexcept { return id_ != 0; }
    constexpr value_type get_value() const noexcept { return id_; }

  private:
    value_type id_;
};
inline bool operator==(range_handle a, range_handle b) noexcept {
    return a.get_value() == b.get_value();
}
inline bool operator!=(range_handle a, range_handle b) noexcept {
    return !(a == b);
}

template <class D = domain::global>
range_handle start_range_in(const event_attributes& event) noexcept {
    return range_handle(nvtxDomainRangeStartEx(domain::get<D>(), event.get()));
}
template <class D = domain::global, class... Parts>
range_handle start_range_in(const Parts&... parts) noexcept {
    return start_range_in<D>(event_attributes(parts...));
}
inline range_handle start_range(const event_attributes& event) noexcept {
    return start_range_in<>(event);
}
template <class... Parts>
range_handle start_range(const Parts&... parts) noexcept {
    return start_range_in<domain::global>(event_attributes(parts...));
}
template <class D = domain::global>
void end_range_in(range_handle range) noexcept {
    nvtxDomainRangeEnd(domain::get<D>(), range.get_value());
}
inline void end_range(range_handle range) noexcept {
    end_range_in<>(range);
}

/// A range that may end on another thread, and whose end moves with the object.
template <class D = domain::global>
class unique_range_in {
  public:
    explicit unique_range_in(const event_attributes& event) noexcept
        : handle_(start_range_in<D>(event)), owns_(true) {}
    template <class... Parts>
    explicit unique_range_in(const Parts&... parts) noexcept
        : unique_range_in(event_attributes(parts...)) {}
    unique_range_in() noexcept : unique_range_in(event_attributes()) {}
    unique_range_in(unique_range_in&& other) noexcept : handle_(other.handle_), owns_(other.owns_) {
        other.owns_ = false;
    }
    unique_range_in& operator=(unique_range_in&& other) noexcept {
        std::swap(handle_, other.handle_);
        std::swap(owns_, other.owns_);
        return *this;
    }
    ~unique_range_in() noexcept {
        if (owns_) end_range_in<D>(handle_);
    }

  private:
    range_handle handle_;
    bool owns_; // 0 is a handle as good as another where no tool is attached.
};
using unique_range = unique_range_in<>;

template <class D = domain::global>
void mark_in(const event_attributes& event) noexcept {
    nvtxDomainMarkEx(domain::get<D>(), event.get());
}
template <class D = domain::global, class... Parts>
void mark_in(const Parts&... parts) noexcept {
    mark_in<D>(event_attributes(parts...));
}
inline void mark(const event_attributes& event) noexcept {
    mark_in<>(event);
}
template <class... Parts>
void mark(const Parts&... parts) noexcept {
    mark_in<domain::global>(event_attributes(parts...));
}

namespace detail {
/// A range of the calling thread that begins later than its object, or never.
template <class D>
class optional_range_in {
  public:
    optional_range_in() = default;
    optional_range_in(const optional_range_in&) = delete;
    optional_range_in& operator=(const optional_range_in&) = delete;
    ~optional_range_in() noexcept {
        if (begun_) nvtxDomainRangePop(domain::get<D>());
    }
    void begin(const event_attributes& event) noexcept {
        nvtxDomainRangePushEx(domain::get<D>(), event.get());
        begun_ = true;
    }

  private:
    bool begun_ = false;
};
} // namespace detail

} // namespace v1
} // namespace nvtx3

/// A range in domain D, named after the function, to the end of the scope.
#define NVTX3_V1_FUNC_RANGE_IN(D)                                                                  \
    static const ::nvtx3::v1::registered_string_in<D> nvtx3_func_name__(__func__);                 \
    static const ::nvtx3::v1::event_attributes nvtx3_func_attr__(nvtx3_func_name__);               \
    const ::nvtx3::v1::scoped_range_in<D> nvtx3_range__(nvtx3_func_attr__)
#define NVTX3_V1_FUNC_RANGE() NVTX3_V1_FUNC_RANGE_IN(::nvtx3::v1::domain::global)

/// The same if C holds.
#define NVTX3_V1_FUNC_RANGE_IF_IN(D, C)                                                            \
    ::nvtx3::v1::detail::optional_range_in<D> nvtx3_range__;                                       \
    if (C) {                                                                                       \
        static const ::nvtx3::v1::registered_string_in<D> nvtx3_func_name__(__func__);             \
        static const ::nvtx3::v1::event_attributes nvtx3_func_attr__(nvtx3_func_name__);           \
        nvtx3_range__.begin(nvtx3_func_attr__);                                                    \
    }                                                                                              \
    static_assert(true, "")
#define NVTX3_V1_FUNC_RANGE_IF(C) NVTX3_V1_FUNC_RANGE_IF_IN(::nvtx3::v1::domain::global, C)

#define NVTX3_FUNC_RANGE_IN(D) NVTX3_V1_FUNC_RANGE_IN(D)
#define NVTX3_FUNC_RANGE() NVTX3_V1_FUNC_RANGE()
#define NVTX3_FUNC_RANGE_IF_IN(D, C) NVTX3_V1_FUNC_RANGE_IF_IN(D, C)
#define NVTX3_FUNC_RANGE_IF(C) NVTX3_V1_FUNC_RANGE_IF(C)
